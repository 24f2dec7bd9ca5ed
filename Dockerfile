# The web server, the worker, the migrations and the operator's commands in one image; which of
# them runs is the command (docker-compose.yml). tests/integration/image.test.ts follows these
# lines and starts everything from the files that they copy.
FROM node:24.21.0-bookworm-slim AS base
WORKDIR /srv
ENV NODE_ENV=production

FROM base AS packages
COPY package.json package-lock.json .npmrc ./
# Optional are a faster decoder, which needs a compiler's helper, and TypeScript.
RUN npm ci --omit=dev --omit=optional

FROM base AS build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
# What log lines call this build: --build-arg VERSION=…; the commit is not in the context.
ARG VERSION
RUN node scripts/build.ts
# What is read as a file when the programs run: the Lua scripts and what runs in threads.
RUN mkdir /srv/files && cp --parents $(find app -name '*.lua' -o -name '*-worker.ts') /srv/files/

FROM base
COPY --from=packages /srv/node_modules node_modules
COPY --from=build /srv/files .
COPY --from=build /srv/public public
COPY --from=build /srv/build build
COPY package.json .
# The account that the image brings along; it owns none of these files.
USER node
EXPOSE 3000
CMD ["node", "--enable-source-maps", "build/server.js"]
