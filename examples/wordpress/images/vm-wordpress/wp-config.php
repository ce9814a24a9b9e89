<?php
// What the machine learns from its metadata: the database's address and password, and the title from the deployment.
$roadstead = json_decode(file_get_contents('/etc/wordpress/roadstead.json'), true, 8, JSON_THROW_ON_ERROR);

define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', $roadstead['database_password']);
define('DB_HOST', $roadstead['database_host']);
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('ROADSTEAD_SITE_TITLE', $roadstead['site_title']);

foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) {
    // Each is derived from the database password: secret, and the same on every machine of the role.
    define($name, hash_hmac('sha256', $name, DB_PASSWORD));
}

$table_prefix = 'wp_';
define('WP_DEBUG', false);

// Behind a proxy that ends TLS.
if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') {
    $_SERVER['HTTPS'] = 'on';
}

if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
