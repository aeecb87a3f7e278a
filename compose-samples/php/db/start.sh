#!/bin/sh
# Creates the database and its user on the first start, and serves it.
set -eu
if [ ! -d /var/lib/mysql/app ]; then
    mariadb-install-db --skip-test-db >/dev/null
    printf '%s\n' "FLUSH PRIVILEGES;" "CREATE DATABASE app;" \
        "CREATE USER app@'%' IDENTIFIED BY 'change-me';" "GRANT ALL ON app.* TO app@'%';" \
        | mariadbd --bootstrap
fi
exec mariadbd --bind-address=0.0.0.0
