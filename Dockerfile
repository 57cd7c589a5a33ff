# job-scanner in a container: the same binary and adapters that `./just install` installs.
#
#   docker build -t job-scanner .
#   docker run -v job-scanner:/data -v ./config.yaml:/etc/job-scanner/config.yaml:ro \
#     -e ALERT_TO_EMAIL -e SMTP_HOST -e SMTP_USER -e SMTP_PASS job-scanner
#
# /data holds the database, and the mail if there is no mail server. Put commands at the end:
# `docker run ... job-scanner sources`.

FROM rust:1-slim-trixie AS build
RUN apt-get update && apt-get install --yes --no-install-recommends build-essential python3-pip
WORKDIR /build
COPY . .
RUN ./just install /usr/local

FROM debian:trixie-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates tzdata \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --home-dir /data --shell /usr/sbin/nologin job-scanner \
  && install --directory --owner=job-scanner --group=job-scanner --mode=700 /data
COPY --from=build /usr/local/bin/job-scanner /usr/local/bin/job-scanner
COPY --from=build /usr/local/share/job-scanner /usr/local/share/job-scanner
COPY NOTICE /usr/local/share/job-scanner/NOTICE
COPY config.yaml /etc/job-scanner/config.yaml
USER job-scanner
# Without a mail server, mail goes to data/outbox in the working directory, which is /data/outbox here.
WORKDIR /
VOLUME /data
ENV DATABASE_URL=sqlite:/data/job_scanner.db \
  XDG_CACHE_HOME=/data/cache
ENTRYPOINT ["job-scanner", "--config", "/etc/job-scanner/config.yaml"]
