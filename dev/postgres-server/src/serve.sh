# Runs a PostgreSQL server in a temporary folder for the process at the other end of standard input. When that process
# ends, however it ends, the server is stopped and its folder is deleted.
#
# Usage: sh serve.sh SETTING...   (such as fsync=off)
#
# CERTIFICATE and KEY in the environment are the PEM files for TLS. The settings switch it on.
#
# Reads commands and answers each with one line:
#
#   start   started FOLDER PROGRAMS   the folder of the socket, and the folder of PostgreSQL's programs
#           missing                   PostgreSQL is not installed, or is too old
#   stop    stopped                   without a checkpoint, as if the machine had crashed
#   any     failed REASON
set -u

# A newer version than this is fine.
oldest=15

# This process has to outlive the tests: Ctrl-C reaches it too, and an answer may find that its reader has ended.
trap '' HUP INT TERM PIPE

answer() { printf '%s\n' "$*" 2>/dev/null; }

# Prints the folder of the newest programs.
programs() {
  for folder in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort --version-sort --reverse) \
    "$(dirname "$(command -v initdb || echo /none/initdb)")"; do
    [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ] && [ -x "$folder/psql" ] || continue
    version=$("$folder/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
    [ "$version" -ge "$oldest" ] && printf '%s\n' "$folder" && return
  done
}

# PostgreSQL refuses to run as root. Its package has made a user for it.
unprivileged() {
  if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=postgres --regid=postgres --clear-groups -- "$@"
  else
    "$@"
  fi
}

# The default collation is not the one of the program's columns, so that a test notices a column without it.
create() {
  folder=$(mktemp --directory "${TMPDIR:-/tmp}/job-scanner-postgres-XXXXXX") || return
  [ "$(id -u)" != 0 ] || chown postgres:postgres "$folder" || return
  unprivileged "$bin/initdb" --pgdata="$folder/data" --username=job_scanner --auth=trust --encoding=UTF8 \
    --locale=C.UTF-8 --locale-provider=icu --icu-locale=en --no-sync >"$folder/initdb.log" 2>&1 || return
  {
    echo "listen_addresses = ''"
    echo "unix_socket_directories = '$folder'"
    echo "max_connections = 200"
    echo "shared_buffers = 32MB"
    echo "autovacuum = off"
    for setting in "$@"; do printf '%s\n' "$setting"; done
  } >>"$folder/data/postgresql.conf"
  [ -z "${CERTIFICATE:-}" ] || add_certificate
}

# The server accepts a key that only its user can read.
add_certificate() {
  printf '%s' "$CERTIFICATE" | unprivileged tee "$folder/data/server.crt" >/dev/null
  printf '%s' "$KEY" | unprivileged sh -c "umask 077 && cat >'$folder/data/server.key'"
}

start() {
  unprivileged "$bin/pg_ctl" start --wait --silent --pgdata="$folder/data" --log="$folder/server.log" \
    </dev/null >/dev/null 2>&1
}

stop() {
  unprivileged "$bin/pg_ctl" stop --mode=immediate --silent --pgdata="$folder/data" >/dev/null 2>&1
}

# Prints the end of the log of the server, or of `initdb` before the server ever ran, in one line.
reason() {
  log=$folder/server.log
  [ -f "$log" ] || log=$folder/initdb.log
  tail -n 3 "$log" 2>/dev/null | tr '\n' ' '
}

folder=
bin=$(programs)
while read -r command; do
  case $command in
    start)
      if [ -z "$bin" ]; then
        answer missing
      elif { [ -n "$folder" ] || create "$@"; } && start; then
        answer started "$folder" "$bin"
      else
        answer failed "$(reason)"
      fi
      ;;
    stop) if stop; then answer stopped; else answer failed "$(reason)"; fi ;;
    *) answer failed "unknown command $command" ;;
  esac
done

[ -z "$folder" ] || stop
[ -z "$folder" ] || rm -rf "$folder"
