-- SPDX-License-Identifier: Apache-2.0
-- Destinations of forwarding that are no application entities. They share their names with the peers, so that a rule may name either.

CREATE TABLE destination (
    name       text COLLATE "C" PRIMARY KEY CHECK (length(name) BETWEEN 1 AND 16),
    kind       text COLLATE "C" NOT NULL CHECK (kind IN ('stow', 'folder')),
    -- The base URL of a DICOMweb service, or an absolute path that is the same on every node.
    address    text NOT NULL CHECK (length(address) BETWEEN 1 AND 1000),
    -- The file in secrets/destinations of each node's data directory that holds what it takes to be let in; empty for none.
    secret     text COLLATE "C" NOT NULL DEFAULT '',
    note       text NOT NULL DEFAULT '',
    version    integer NOT NULL DEFAULT 1,
    updated_at timestamptz NOT NULL DEFAULT now()
);

-- No peer comes between what is copied and what is watched.
LOCK TABLE peer IN SHARE ROW EXCLUSIVE MODE;

-- Every name that a rule may give, once: kept by the triggers below, so also by nodes of the release before.
CREATE TABLE destination_name (
    name text COLLATE "C" PRIMARY KEY
);
INSERT INTO destination_name (name) SELECT ae_title FROM peer;

CREATE FUNCTION name_peer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO destination_name (name) VALUES (NEW.ae_title);
    RETURN NULL;
END $$;

CREATE FUNCTION unname_peer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM destination_name WHERE name = OLD.ae_title;
    RETURN NULL;
END $$;

CREATE FUNCTION name_destination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO destination_name (name) VALUES (NEW.name);
    RETURN NULL;
END $$;

CREATE FUNCTION unname_destination() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM destination_name WHERE name = OLD.name;
    RETURN NULL;
END $$;

CREATE TRIGGER peer_named AFTER INSERT ON peer FOR EACH ROW EXECUTE FUNCTION name_peer();
CREATE TRIGGER peer_unnamed AFTER DELETE ON peer FOR EACH ROW EXECUTE FUNCTION unname_peer();
CREATE TRIGGER destination_named AFTER INSERT ON destination FOR EACH ROW EXECUTE FUNCTION name_destination();
CREATE TRIGGER destination_unnamed AFTER DELETE ON destination FOR EACH ROW EXECUTE FUNCTION unname_destination();

ALTER TABLE forward_rule_destination DROP CONSTRAINT forward_rule_destination_ae_title_fkey,
    ADD CONSTRAINT forward_rule_destination_name_fkey FOREIGN KEY (ae_title) REFERENCES destination_name;
ALTER TABLE prefetch_rule_destination DROP CONSTRAINT prefetch_rule_destination_ae_title_fkey,
    ADD CONSTRAINT prefetch_rule_destination_name_fkey FOREIGN KEY (ae_title) REFERENCES destination_name;

-- COMPARED: every object was read again where it is, and its digest is that of what was to be brought.
ALTER TABLE delivery DROP CONSTRAINT delivery_proof_check,
    ADD CONSTRAINT delivery_proof_check CHECK (proof IN ('', 'COMMITTED', 'COMPARED', 'COUNTED', 'ACKNOWLEDGED'));

-- SHA-256 of the file that the object became at its destination; NULL if it became none.
ALTER TABLE delivery_item ADD COLUMN file_sha256 bytea CHECK (length(file_sha256) = 32);
