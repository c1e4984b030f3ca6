-- SPDX-License-Identifier: Apache-2.0
-- How the nodes find each other (JGroups' JDBC_PING2), and the secret of their channel.

-- Who is in touch with whom; soft state, which the nodes write anew when it is lost.
CREATE TABLE cluster_member (
    address     text COLLATE "C" PRIMARY KEY,
    name        text COLLATE "C",
    cluster     text COLLATE "C" NOT NULL,
    ip          text COLLATE "C" NOT NULL,
    coordinator boolean NOT NULL
);

-- One row: who may read this database may speak in the channel of the nodes. 244 random bits.
CREATE TABLE cluster_secret (
    only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
    secret   bytea NOT NULL CHECK (length(secret) = 32)
);
INSERT INTO cluster_secret (secret)
VALUES (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));
