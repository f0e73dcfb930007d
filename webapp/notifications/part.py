"""The blueprint that the views of this folder hang on."""

from flask import Blueprint

blueprint = Blueprint("notifications", __name__, url_prefix="/notifications", template_folder="templates")
