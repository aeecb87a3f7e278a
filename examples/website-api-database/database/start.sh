#!/bin/sh
# Makes the database cluster on the first start, then becomes the server.
set -eu

if [ ! -s "$PGDATA/PG_VERSION" ]; then
    passwords=$(mktemp)
    printf '%s' "$POSTGRES_PASSWORD" > "$passwords"
    initdb --username="$POSTGRES_USER" --pwfile="$passwords" --auth-host=scram-sha-256 \
        --auth-local=trust --encoding=UTF8 --locale=C.UTF-8 --no-instructions
    rm "$passwords"
    echo "host all all all scram-sha-256" >> "$PGDATA/pg_hba.conf"

    # Only local until everything is in place, so nobody meets a half-made database.
    pg_ctl --wait --options="-c listen_addresses=''" start
    createdb --username="$POSTGRES_USER" "$POSTGRES_DB"
    psql --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" --set=ON_ERROR_STOP=1 --file=/srv/init.sql
    pg_ctl --wait --mode=fast stop
fi

exec "$@" -c listen_addresses='*'
