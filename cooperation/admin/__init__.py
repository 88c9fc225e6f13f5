from cooperation.admin import agreements, facilities, programmes, projects

__all__ = ["agreements", "facilities", "programmes", "projects"]
