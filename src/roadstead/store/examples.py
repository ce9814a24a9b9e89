"""What good instructions and terms look like: examples for those who write them, in the language of the page."""

from django.utils.translation import gettext_lazy as _

EXAMPLES = {
    "instructions": _(
        """# What it does
One or two sentences: what people can do with this app, and for how many users one instance is enough.

## Before you deploy
- A storage class that provisions volumes; 10 GiB are enough to begin with
- The name under which people will reach it, such as `blog.example.com`

## First steps
1. Choose an environment, set `hostname`, and deploy.
2. Open the address that the instance's page shows under **Notes**.
3. Sign in as `admin`; the password is in the secret that the notes name. Change it.

## Parameters that matter
| Parameter | What it does | Default |
|---|---|---|
| `replicas` | How many pods serve requests | 2 |
| `storage.size` | How much room the database has | 10Gi |

## Backup and removal
Back up the volume of the database. Deleting the instance deletes its volumes.
"""
    ),
    "terms": _(
        """# Terms of service
## What we provide
The app in the versions that the store shows, with fixes for the newest one.

## Support
Write to support@example.com. We answer within one working day.

## Your data
The app runs in your environment. We have no access to it, and it sends nothing to us.

## Licence
The app is free of charge. Its parts keep their own licences, which the package contains.
"""
    ),
}
