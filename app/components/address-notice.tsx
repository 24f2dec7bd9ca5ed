import { Form, Link, useLocation } from "@remix-run/react";
import { Button } from "./button";
import { useIsSending } from "./form-state";

/** For somebody whose address is not confirmed: what to do, and what it is good for. */
export function AddressNotice({ email }: { email: string | null }) {
  const { pathname, search } = useLocation();
  const isSending = useIsSending("again");
  // That page says it all itself.
  if (!email || pathname === "/verify-email") return null;
  return (
    <aside aria-label="Your address" className="border-b border-line bg-warn-soft print:hidden">
      <div className="mx-auto flex max-w-page flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-3 text-sm sm:px-6">
        <p className="min-w-0 flex-1 basis-72 wrap-anywhere">
          <strong className="font-semibold">Confirm your address to get mail there.</strong> We sent
          a link to <bdi>{email}</bdi>.{" "}
          <Link to="/verify-email" className="link">
            Type the code instead
          </Link>
        </p>
        <Form method="post" action="/verify-email">
          <input type="hidden" name="intent" value="again" />
          <input type="hidden" name="redirectTo" value={pathname + search} />
          <Button look="secondary" pending={isSending}>
            Send it again
          </Button>
        </Form>
      </div>
    </aside>
  );
}
