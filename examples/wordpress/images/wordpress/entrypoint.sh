#!/bin/sh
# Fills an empty volume with WordPress, then becomes the command. Runs as root or, better, as www-data (33).
set -eu

site=/var/www/html
if [ ! -e "$site/wp-includes/version.php" ]; then
    echo "Copying WordPress to $site"
    # Debian links libraries and themes from other places; a volume of its own must not depend on the image.
    cp -RL /usr/share/wordpress/. "$site/"
    rm -f "$site/wp-config.php"
fi
[ -e "$site/wp-config.php" ] || cp /usr/local/share/wordpress/wp-config.php "$site/wp-config.php"
[ "$(id -u)" != 0 ] || chown -R www-data:www-data "$site"

exec "$@"
