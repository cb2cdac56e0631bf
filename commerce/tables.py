"""The columns of orders and of their lines."""

from django.utils.translation import gettext_lazy as _

ORDER_COLUMNS = (
    {"label": _("Date"), "css": "stick"},
    {"label": _("Order")},
    {"label": _("Country")},
    {"label": _("Returned lines"), "css": "r"},
    {"label": _("Amount"), "css": "r"},
)
LINE_COLUMNS = (
    {"label": _("What"), "css": "stick"},
    {"label": _("Which way")},
    {"label": _("Quantity"), "css": "r"},
    {"label": _("Unit price"), "css": "r"},
    {"label": _("Amount"), "css": "r"},
)
PAYMENT_COLUMNS = (
    {"label": _("Date"), "css": "stick"},
    {"label": _("What for")},
    {"label": _("Number")},
    {"label": _("Amount"), "css": "r"},
)
YEAR_COLUMNS = (
    {"label": _("Year"), "css": "stick"},
    {"label": _("Payments"), "css": "r"},
    {"label": _("Amount"), "css": "r"},
)
MONTH_COLUMNS = (
    {"label": _("Month"), "css": "stick"},
    {"label": _("Orders"), "css": "r"},
    {"label": _("Returned lines"), "css": "r"},
    {"label": _("Amount"), "css": "r"},
)
