# A container of the server: docker build --tag pushledger . (see examples/compose.yaml)
FROM node:20.20-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
COPY console ./console
RUN npm run build && npm prune --omit=dev

FROM node:20.20-bookworm-slim
WORKDIR /app
COPY --from=build /src/package.json ./
COPY --from=build /src/node_modules ./node_modules
COPY --from=build /src/dist ./dist
RUN ln -s /app/dist/cli/main.js /usr/local/bin/pushledger \
  && install --directory --owner=node --group=node --mode=0700 /data
ENV NODE_ENV=production PUSHLEDGER_DATA=/data PUSHLEDGER_HOST=0.0.0.0 PUSHLEDGER_PORT=8787
VOLUME /data
USER node
EXPOSE 8787
# Of a server without a certificate of its own; with one, ask https.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PUSHLEDGER_PORT + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["pushledger"]
CMD ["serve"]
