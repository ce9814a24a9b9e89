<?php
// The title that was asked for at the deployment, where the installer's own was left empty.
add_action('wp_install', function (): void {
    if (trim(get_option('blogname')) === '') {
        update_option('blogname', ROADSTEAD_SITE_TITLE);
    }
});
