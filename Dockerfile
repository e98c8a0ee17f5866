# A worker: the package as `npm pack` makes it, its dependencies as package-lock.json has them, and the topologies.
#   docker build -t millrace .
#   docker run -e MILLRACE_BROKERS=kafka:9092 millrace run topologies/page-views-by-region.js
# The image of an application of one's own: docs/production.md, "The image".

# Debian's C library is what the benchmarks ran on; the images of Alpine have another one.
ARG NODE=node:22-bookworm-slim

FROM $NODE AS package
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build && npm pack --ignore-scripts && tar -xzf millrace-*.tgz

FROM $NODE AS application
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund
RUN rm package-lock.json && echo '{ "private": true, "type": "module" }' > package.json
COPY --from=package /build/package node_modules/millrace
COPY --from=package /build/dist/topologies topologies
WORKDIR /state

FROM $NODE
ENV NODE_ENV=production \
    MILLRACE_STATE_DIR=/var/lib/millrace \
    MILLRACE_HTTP_HOST=0.0.0.0 \
    MILLRACE_HTTP_PORT=9464
WORKDIR /app
# Root's, and the worker is not root: it cannot change its own code.
COPY --from=application /app ./
COPY --from=application --chown=1000:1000 /state /var/lib/millrace
# The user `node` of the image, as a number: Kubernetes' runAsNonRoot cannot tell who a name is.
USER 1000:1000
VOLUME /var/lib/millrace
EXPOSE 9464
# The worker commits what it has processed, and leaves; give it longer than MILLRACE_SHUTDOWN_TIMEOUT before it is killed.
STOPSIGNAL SIGTERM
# Whether the worker lives, not whether it is ready: one that restores a large state for an hour is not to be killed.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.MILLRACE_HTTP_PORT}/healthz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "node_modules/millrace/dist/src/cli/main.js"]
CMD ["run", "topologies/word-count.js"]
