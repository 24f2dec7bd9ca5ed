/** The file of a competition for calendars. A plain link: what it leads to is no page. */
export function AddToCalendar({ id }: { id: string }) {
  return (
    <a
      href={`/competitions/${id}/event.ics`}
      className="link inline-flex min-h-6 items-center print:hidden"
    >
      Add to calendar
    </a>
  );
}
