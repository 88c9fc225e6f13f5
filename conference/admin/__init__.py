from conference.admin import delegations, documents, editions, geography, people, programme

__all__ = ["delegations", "documents", "editions", "geography", "people", "programme"]
