"""Letting a case rest, and go on again."""

from flask import flash, redirect, url_for
from werkzeug.wrappers import Response

from engine import activate_instance, suspend_instance
from webapp.auth import current_actor
from webapp.cockpit.part import blueprint, managed_instance
from webapp.db import database
from webapp.i18n import gettext


@blueprint.post("/instances/<instance_id>/suspend")
def suspend(instance_id: str) -> Response:
    """Stop a case for a while: nobody and nothing moves it."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    suspend_instance(database(), actor, instance_id)
    flash(gettext("The case %(key)s is stopped for now.", key=view.business_key), "success")
    return redirect(url_for("cockpit.instance", instance_id=instance_id), 303)


@blueprint.post("/instances/<instance_id>/activate")
def activate(instance_id: str) -> Response:
    """Let a case that was stopped go on."""
    actor = current_actor()
    view = managed_instance(actor, instance_id)
    activate_instance(database(), actor, instance_id)
    flash(gettext("The case %(key)s goes on.", key=view.business_key), "success")
    return redirect(url_for("cockpit.instance", instance_id=instance_id), 303)
