"""The words of other systems, and of people, for what a session's state is."""

STATES = {
    "cancelled": "cancelled",
    "canceled": "cancelled",
    "withdrawn": "cancelled",
    "declined": "cancelled",
    "tentative": "tentative",
    "unconfirmed": "tentative",
    "proposed": "tentative",
    "accepted": "confirmed",
    "confirmed": "confirmed",
    "scheduled": "confirmed",
    "published": "confirmed",
}
