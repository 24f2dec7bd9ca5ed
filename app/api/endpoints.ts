import * as z from "zod";
import { authEndpoints } from "./accounts";
import { competitionEndpoints } from "./competitions";
import { type Endpoint, openEndpoint, takesNothing } from "./endpoint";
import { mailboxEndpoints } from "./mailbox";
import { openApiDocument } from "./openapi";
import { registrationEndpoints } from "./registrations";

const openApi = openEndpoint({
  ...takesNothing,
  method: "GET",
  path: "/api/openapi.json",
  access: "anyone",
  summary: "This description",
  success: {
    status: 200,
    description: "An OpenAPI 3.1 document",
    schema: z.record(z.string(), z.unknown()),
  },
  refusals: [],
  async handle() {
    document ??= JSON.stringify(openApiDocument(endpoints), null, 2);
    return {
      status: 200,
      json: document,
      headers: { "cache-control": "public, max-age=300" },
    };
  },
});

let document: string | undefined;

/** The whole API, one entry a path and method. */
export const endpoints: Endpoint[] = [
  ...authEndpoints,
  ...competitionEndpoints,
  ...registrationEndpoints,
  ...mailboxEndpoints,
  openApi,
];
