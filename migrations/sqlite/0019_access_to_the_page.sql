-- Who may open the page: sessions of browsers, and keys of programs. Only the SHA-256 of a secret is stored.

CREATE TABLE sessions (
    -- Never used again, so the cookie of an ended session cannot name another one.
    session_id INTEGER PRIMARY KEY AUTOINCREMENT,
    secret_sha256 BLOB NOT NULL,
    -- The SHA-256 of the password's hash at the login. A new password ends the sessions of the old one.
    password_sha256 BLOB NOT NULL,
    -- The program and the address at the login, as the browser and the network said. NULL if they did not.
    client TEXT,
    address TEXT,
    created_at TEXT NOT NULL,
    last_used_at TEXT NOT NULL
) STRICT;

CREATE TABLE api_keys (
    key_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    -- `read`, `write` or `feed`.
    scope TEXT NOT NULL,
    -- The profile whose feed the key opens. NULL for the other scopes.
    profile TEXT,
    secret_sha256 BLOB NOT NULL UNIQUE,
    created_at TEXT NOT NULL,
    -- NULL if it was never used.
    last_used_at TEXT
) STRICT;
