import { Children, cloneElement, Fragment, isValidElement, type ReactNode } from "react";
import { yourTimeInHtml } from "./date-time";

const DAYS = "Sun Mon Tue Wed Thu Fri Sat";
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

/** The scripts inside the page itself. Only the server has them: see `useRequestContext`. */
export const PAGE_SCRIPTS = {
  late,

  /**
   * Tells the server the visitor's time zone, from the second request on; until then pages use UTC. Under
   * HTTPS the prefix keeps other hosts from setting the cookie. On a slow phone the first use of `Intl`
   * takes 100 ms, before anything is painted; `Temporal`, where it exists, knows the name at once.
   */
  reportZone: `document.cookie=(location.protocol==="https:"?"__Host-tz=":"tz=")+encodeURIComponent(self.Temporal?Temporal.Now.timeZoneId():Intl.DateTimeFormat().resolvedOptions().timeZone)+";path=/;max-age=31536000;samesite=lax"+(location.protocol==="https:"?";secure":"")`,

  /**
   * Fills the places for the visitor's times of a page that was made before their zone was known, in the
   * words of `yourTime` but for the zone's name: that is React's, which comes long after the page was
   * painted, as its first use of `Intl` does. In each frame in which more of the page is there, before that
   * is painted.
   */
  tellYourTimes: `{
const two=(number)=>String(number).padStart(2,"0"),
tell=()=>{for(const place of document.querySelectorAll("small[data-there]")){
const at=new Date(place.previousElementSibling.dateTime),{there}=place.dataset,
day=at.getFullYear()+"-"+two(at.getMonth()+1)+"-"+two(at.getDate()),
time=two(at.getHours())+":"+two(at.getMinutes());
delete place.dataset.there;
if(there===day+"T"+time)continue;
const ahead=-at.getTimezoneOffset(),size=Math.abs(ahead),
zone="GMT"+(size?(ahead<0?"-":"+")+Math.floor(size/60)+(size%60?":"+size%60:""):""),
date=there.startsWith(day)?"":"${DAYS}".split(" ")[at.getDay()]+" "+at.getDate()+" "+"${MONTHS}".split(" ")[at.getMonth()]+" "+at.getFullYear()+", ";
place.innerHTML=${JSON.stringify(yourTimeInHtml(""))};
place.lastChild.prepend(date+time+" "+zone);
place.hidden=false
}},
frame=()=>{tell();if(document.readyState==="loading")requestAnimationFrame(frame)};
requestAnimationFrame(frame);
addEventListener("DOMContentLoaded",tell)}`,
};

interface Written {
  type?: string;
  children?: ReactNode;
  dangerouslySetInnerHTML?: { __html: string };
  fetchpriority?: string;
}

/** In lower case: React 18 does not know it. */
const AFTER_THE_REST = { fetchpriority: "low" };

/** The same elements, which fetch after everything else, and run once the page is painted. */
function late(written: ReactNode): ReactNode {
  return Children.map(written, (one) => {
    if (!isValidElement<Written>(one)) return one;
    if (one.type === Fragment) return late(one.props.children);
    if (one.type === "link") return cloneElement(one, AFTER_THE_REST);
    const { type, dangerouslySetInnerHTML: code } = one.props;
    if (type !== "module" || !code) return one;
    return cloneElement(one, { dangerouslySetInnerHTML: { __html: afterPaint(code.__html) } });
  });
}

/** A background tab is not painted until somebody looks at it. */
const PAINTED = "new Promise((go)=>document.hidden?go():requestAnimationFrame(()=>setTimeout(go)))";

/**
 * The same module, which imports its modules once the page is painted. A module with other kinds of
 * imports, as in development, is left alone.
 */
export function afterPaint(code: string): string {
  const names: string[] = [];
  const imports: string[] = [];
  const rest = code.replace(/^import \* as (\w+) from (".*?");$/gm, (_, name, address) => {
    names.push(name);
    imports.push(`import(${address})`);
    return "";
  });
  if (names.length === 0 || /^\s*import\b(?!\()/m.test(rest)) return code;
  return `(async()=>{await ${PAINTED};const [${names}]=await Promise.all([${imports}]);${rest}})()`;
}
