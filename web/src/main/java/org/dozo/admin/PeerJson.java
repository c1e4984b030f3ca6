// SPDX-License-Identifier: Apache-2.0
package org.dozo.admin;

import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.util.EnumSet;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.dozo.access.KnownPeer;
import org.dozo.access.Permission;
import org.dozo.access.ProofWanted;
import org.dozo.shared.Failure;
import org.dozo.shared.FailureException;

/** A peer as JSON: {@code {"aeTitle","host","port","tls","allow":[…],"note","proof","notify","characterSet"}}. */
final class PeerJson {

    private static final Set<String> FIELDS =
            Set.of("aeTitle", "host", "port", "tls", "allow", "note", "proof", "notify", "characterSet");

    private PeerJson() {}

    static JsonObject of(KnownPeer peer) {
        var allow = Json.createArrayBuilder();
        peer.allow().forEach(permission -> allow.add(permission.word()));
        return Json.createObjectBuilder()
                .add("aeTitle", peer.aeTitle())
                .add("host", peer.host())
                .add("port", peer.port())
                .add("tls", peer.tls())
                .add("allow", allow)
                .add("note", peer.note())
                .add("proof", peer.proof().word())
                .add("notify", peer.notified())
                .add("characterSet", peer.characterSet().toString())
                .build();
    }

    static String words(KnownPeer peer) {
        return peer.allow().stream().map(Permission::word).collect(Collectors.joining(","));
    }

    /** What is not as usual with a peer, and its note: {@code proof=query notify character-set=ISO_IR 100 · the note}. */
    static String remarks(KnownPeer peer) {
        StringJoiner options = new StringJoiner(" ");
        if (peer.proof() != ProofWanted.COMMITMENT) {
            options.add("proof=" + peer.proof().word());
        }
        if (peer.notified()) {
            options.add("notify");
        }
        String characters = peer.characterSet().toString();
        if (!characters.isEmpty()) {
            options.add("character-set=" + characters);
        }
        String separator = options.length() == 0 || peer.note().isEmpty() ? "" : " · ";
        return options + separator + peer.note();
    }

    /** @throws FailureException {@link Failure#INVALID_RECORD} naming the field; {@code tls}, {@code allow} (all), {@code note}, {@code proof} (commitment), {@code notify} (false), {@code characterSet} (none) may be left out */
    static KnownPeer parse(String body) {
        JsonObject peer = object(body);
        for (String field : peer.keySet()) {
            if (!FIELDS.contains(field)) {
                throw invalid("has no field \"" + field
                        + "\"; its fields are aeTitle, host, port, tls, allow, note, proof, notify, characterSet");
            }
        }
        return new KnownPeer(
                text(peer, "aeTitle"),
                text(peer, "host"),
                port(peer),
                flag(peer, "tls"),
                allow(peer),
                text(peer, "note", ""),
                ProofWanted.of(text(peer, "proof", ProofWanted.COMMITMENT.word())),
                flag(peer, "notify"),
                KnownPeer.characterSetOf(text(peer, "characterSet", "")));
    }

    private static JsonObject object(String body) {
        try (JsonReader reader = Json.createReader(new StringReader(body))) {
            return reader.readObject();
        } catch (JsonException | IllegalStateException e) {
            throw invalid("must be a JSON object");
        }
    }

    private static String text(JsonObject peer, String field) {
        if (peer.get(field) instanceof JsonString text) {
            return text.getString();
        }
        throw invalid("needs the text \"" + field + "\"");
    }

    private static String text(JsonObject peer, String field, String fallback) {
        return peer.containsKey(field) ? text(peer, field) : fallback;
    }

    private static int port(JsonObject peer) {
        if (peer.get("port") instanceof JsonNumber number
                && number.isIntegral()
                && number.longValue() == number.intValue()) {
            return number.intValue();
        }
        throw invalid("needs the number \"port\"");
    }

    private static boolean flag(JsonObject peer, String field) {
        return switch (peer.getOrDefault(field, JsonValue.FALSE).getValueType()) {
            case TRUE -> true;
            case FALSE -> false;
            default -> throw invalid("needs true or false for \"" + field + "\"");
        };
    }

    private static Set<Permission> allow(JsonObject peer) {
        if (!peer.containsKey("allow")) {
            return EnumSet.allOf(Permission.class);
        }
        if (!(peer.get("allow") instanceof JsonArray words)) {
            throw invalid("needs a list for \"allow\"");
        }
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        for (JsonValue word : words) {
            if (!(word instanceof JsonString text)) {
                throw invalid("needs texts in \"allow\"");
            }
            permissions.add(Permission.of(text.getString()));
        }
        return permissions;
    }

    private static FailureException invalid(String fault) {
        return new FailureException(Failure.INVALID_RECORD, "A peer " + fault);
    }
}
