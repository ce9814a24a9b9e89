<?php
// Read from the environment, as the public image does; NAME_FILE names a file that holds the value.
function roadstead_env(string $name, string $default = ''): string {
    $file = getenv($name . '_FILE');
    if ($file !== false && $file !== '') {
        return rtrim(file_get_contents($file), "\r\n");
    }
    $value = getenv($name);
    return $value === false ? $default : $value;
}

define('DB_NAME', roadstead_env('WORDPRESS_DB_NAME', 'wordpress'));
define('DB_USER', roadstead_env('WORDPRESS_DB_USER', 'wordpress'));
define('DB_PASSWORD', roadstead_env('WORDPRESS_DB_PASSWORD'));
define('DB_HOST', roadstead_env('WORDPRESS_DB_HOST', 'mysql'));
define('DB_CHARSET', roadstead_env('WORDPRESS_DB_CHARSET', 'utf8mb4'));
define('DB_COLLATE', roadstead_env('WORDPRESS_DB_COLLATE'));

foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) {
    $value = roadstead_env('WORDPRESS_' . $name);
    if ($value === '') {
        // Without a value of its own each is derived from the database password: secret, and the same in every replica.
        $value = hash_hmac('sha256', $name, DB_PASSWORD);
    }
    define($name, $value);
}

$table_prefix = roadstead_env('WORDPRESS_TABLE_PREFIX', 'wp_');
define('WP_DEBUG', (bool) roadstead_env('WORDPRESS_DEBUG'));

// Behind a proxy that ends TLS.
if (($_SERVER['HTTP_X_FORWARDED_PROTO'] ?? '') === 'https') {
    $_SERVER['HTTPS'] = 'on';
}

if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
