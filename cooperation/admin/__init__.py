from cooperation.admin import agreements, facilities, programmes, projects, rates

__all__ = ["agreements", "facilities", "programmes", "projects", "rates"]
