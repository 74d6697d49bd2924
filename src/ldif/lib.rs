//! LDIF (RFC 2849) and distinguished names (RFC 4514).
