import { database } from "~/platform/orm";

/** A picture of a competition, and the look that it has: with another title it is drawn anew. */
interface Asked {
  id: string;
  look: string;
}

/** The stored picture of a competition with this look, as a PNG, or null. */
export async function findCoverImage({ id, look }: Asked): Promise<Buffer<ArrayBuffer> | null> {
  const [row] = await database().execute<{ png: string }[]>(
    "select encode(png, 'base64') as png from cover_image where competition_id = ? and look = ?",
    [id, look],
  );
  return row ? Buffer.from(row.png, "base64") : null;
}

/** Keeps the picture in place of an earlier one, while there is such a competition. */
export async function keepCoverImage({ id, look, png }: Asked & { png: Buffer }): Promise<void> {
  await database().execute(
    `insert into cover_image (competition_id, look, png)
     select id, ?, decode(?, 'base64') from competition where id = ? and deleted_at is null and published_at is not null
     on conflict (competition_id) do update set look = excluded.look, png = excluded.png, drawn_at = now()`,
    [look, png.toString("base64"), id],
  );
}

/** Removes the picture of a competition that is gone. */
export async function removeCoverImage(id: string): Promise<void> {
  await database().execute("delete from cover_image where competition_id = ?", [id]);
}
