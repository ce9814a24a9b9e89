"""Refusals of backup and restore."""

from django.utils.translation import gettext_lazy as _

from roadstead.core.errors import Invalid, WrongState


class NotABackup(Invalid):
    """The file was not written by `roadstead backup`, or was cut or changed since."""

    code = "not_a_backup"
    words = _("%(file)s can't be restored: it is no backup of Roadstead, or it was cut or changed since (%(place)s).")


class BackupOfALaterVersion(WrongState):
    """The rows have a shape that this version doesn't know."""

    code = "backup_of_a_later_version"
    words = _("%(file)s was made by Roadstead %(version)s, which is later than this one. Install that version, then restore.")


class BackupUnderAnotherKey(WrongState):
    """The secrets in the backup would stay shut."""

    code = "backup_under_another_key"
    words = _(
        "The secrets in %(file)s are sealed with the master key %(wanted)s, and this installation has %(found)s. "
        "Set ROADSTEAD_MASTER_KEY to that key, or put keys.toml of the installation that was backed up into the data folder."
    )


class NotEmpty(WrongState):
    """There is something that a restore would overwrite."""

    code = "installation_not_empty"
    words = _("There are people in this database already. Restore into an empty one; nothing was changed.")
