import type { CompetitionView } from "~/domain/competitions/index.server";

/** A competition as the API shows it: the organizer's email only to people who are signed in. */
export function competitionJson(view: CompetitionView, { toSignedIn }: { toSignedIn: boolean }) {
  const { registrations, organizer, seatsLeft } = view;
  const { id, name, email } = organizer;
  return {
    id: view.id,
    title: view.title,
    description: view.description,
    tags: view.tags,
    capacity: view.capacity,
    regDeadline: view.regDeadline,
    startDate: view.startDate,
    createdById: view.createdById,
    createdAt: view.createdAt,
    updatedAt: view.updatedAt,
    organizer: toSignedIn ? { id, name, email } : { id, name },
    _count: { registrations },
    seatsLeft,
  };
}
