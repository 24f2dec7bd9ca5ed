import type { Express } from "express";
import { wireAnswer, wireProblem } from "~/api/answer";
import { admit, findCaller } from "~/api/endpoint";
import { refuse } from "~/api/problem";
import { requestIdOf } from "~/web/request";
import type { Side } from "../domain/sides/side";

const PATH = /^\/api\/competitions\/([0-9a-f-]{36})\/register$/;

/**
 * Another side behind the same HTTP: the product's Express stack, its tokens, its answers. In place
 * of the registration stands the other algorithm.
 */
export function mountRival(side: Side): (app: Express) => void {
  return (app) => {
    app.use((req, res, next) => {
      const competitionId = PATH.exec(req.path)?.[1];
      if (!competitionId) return next();
      const request = { requestId: requestIdOf(res), path: req.path };
      answer()
        .then(({ status, headers, body }) => {
          res.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) });
          res.end(body);
        })
        .catch(next);

      async function answer() {
        req.resume();
        const user = admit(await findCaller(req.get("authorization")), "participant");
        if ("code" in user) return wireProblem(user, request);
        const key = req.get("idempotency-key");
        const { ending, registrationId } = await side.register({
          user,
          competitionId: competitionId ?? "",
          key,
        });
        if (ending === "full") {
          return wireProblem(refuse("competition_full", "Every seat is taken."), request);
        }
        if (ending !== "registered") {
          return wireProblem(refuse("already_registered", "You are registered already."), request);
        }
        const body = { id: registrationId, userId: user.id, competitionId, user };
        return wireAnswer({ status: 201, body }, request.requestId);
      }
    });
  };
}
