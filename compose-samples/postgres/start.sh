#!/bin/sh
# Creates the database on the first start, or copies that of PRIMARY, and serves it.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    if [ -n "${PRIMARY:-}" ]; then
        PGPASSWORD=$(cat /run/secrets/password) pg_basebackup --host="$PRIMARY" \
            --username=postgres --pgdata="$PGDATA" --write-recovery-conf
    else
        initdb --username=postgres --pwfile=/run/secrets/password \
            --auth-local=trust --auth-host=scram-sha-256 >/dev/null
        echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
        echo "host replication all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
    fi
fi
exec postgres -c listen_addresses='*' -c unix_socket_directories=/tmp
