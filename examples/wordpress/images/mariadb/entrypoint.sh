#!/bin/sh
# Makes the database on the first start, without the network, then becomes the server. Runs as root or, better, as mysql (999).
set -eu

# value NAME: the variable, the file that NAME_FILE names, or the same of the older MYSQL_ name.
value() {
    for name in "MARIADB_$1" "MYSQL_$1"; do
        eval "file=\${${name}_FILE:-} given=\${$name:-}"
        if [ -n "$file" ]; then cat "$file"; return; fi
        if [ -n "$given" ]; then printf %s "$given"; return; fi
    done
}

# quoted TEXT: as a literal of SQL.
quoted() { printf "'%s'" "$(printf %s "$1" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")"; }

data=/var/lib/mysql
if [ "$(id -u)" = 0 ]; then
    chown -R mysql:mysql "$data" /run/mysqld
    exec setpriv --reuid=mysql --regid=mysql --clear-groups "$0" "$@"
fi

if [ "${1:-}" = mariadbd ] && [ ! -d "$data/mysql" ]; then
    root=$(value ROOT_PASSWORD) database=$(value DATABASE) user=$(value USER) password=$(value PASSWORD)
    if [ -z "$root" ] && [ -n "$(value RANDOM_ROOT_PASSWORD)" ]; then
        root=$(head -c 24 /dev/urandom | base64)
        echo "GENERATED ROOT PASSWORD: $root"
    fi
    if [ -z "$root" ] && [ -z "$(value ALLOW_EMPTY_ROOT_PASSWORD)" ]; then
        echo "Give MARIADB_ROOT_PASSWORD or MARIADB_RANDOM_ROOT_PASSWORD" >&2
        exit 1
    fi
    echo "Making the database"
    # Made aside and moved at the end, so that a start that is cut short begins anew.
    rm -rf "$data/.making" && mkdir "$data/.making"
    mariadb-install-db --datadir="$data/.making" --skip-test-db --auth-root-authentication-method=normal >/dev/null
    {
        echo "FLUSH PRIVILEGES;"
        echo "ALTER USER root@localhost IDENTIFIED BY $(quoted "$root");"
        echo "CREATE USER root@'%' IDENTIFIED BY $(quoted "$root");"
        echo "GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;"
        [ -z "$database" ] || echo "CREATE DATABASE \`$database\`;"
        [ -z "$user" ] || echo "CREATE USER $(quoted "$user")@'%' IDENTIFIED BY $(quoted "$password");"
        [ -z "$user" ] || [ -z "$database" ] || echo "GRANT ALL ON \`$database\`.* TO $(quoted "$user")@'%';"
    } | mariadbd --bootstrap --datadir="$data/.making" --skip-networking
    for made in "$data/.making"/*; do
        [ "$made" = "$data/.making/mysql" ] || { rm -rf "${data:?}/${made##*/}" && mv "$made" "$data/"; }
    done
    # The last, because it says that all is there.
    mv "$data/.making/mysql" "$data/" && rm -rf "$data/.making"
fi

exec "$@"
