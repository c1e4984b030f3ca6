-- SPDX-License-Identifier: Apache-2.0
-- Who may call and be called. version grows with every change of the row.

CREATE TABLE peer (
    ae_title   text COLLATE "C" PRIMARY KEY CHECK (length(ae_title) BETWEEN 1 AND 16),
    host       text COLLATE "C" NOT NULL,
    port       integer NOT NULL CHECK (port BETWEEN 1 AND 65535),
    tls        boolean NOT NULL DEFAULT false,
    allow      text[] NOT NULL DEFAULT '{}' CHECK (allow <@ ARRAY['store', 'find', 'move', 'get', 'commit']),
    note       text NOT NULL DEFAULT '',
    version    integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);
