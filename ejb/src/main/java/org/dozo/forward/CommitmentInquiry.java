// SPDX-License-Identifier: Apache-2.0
package org.dozo.forward;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.dozo.access.Destination;
import org.dozo.dicom.SopReference;
import org.dozo.proof.Commitments;
import org.dozo.proof.NoCommitmentException;
import org.dozo.proof.Promise;
import org.dozo.shared.Database;
import org.dozo.shared.Statements;

/**
 * Asks a destination for storage commitment of what it was sent, several deliveries in one request, and tells how its answers stand.
 * An answer may come hours later, to whatever node.
 */
@Singleton
public class CommitmentInquiry {

    /** Of one request: some archives look at all of them before they answer anything else. */
    private static final int MOST_REFERENCES = 1000;

    /** A destination that gives no commitment is not asked again for so long. */
    private static final Duration WITHOUT = Duration.ofMinutes(10);

    private static final int MOST_DESTINATIONS = 10_000;

    /** PS3.3 §C.14.1.1: processing failure, for those of which the destination says nothing. */
    private static final int UNSPOKEN = 0x0110;

    private static final String FIND = "SELECT transaction_uid FROM delivery_commitment WHERE delivery_fk = ?";

    private static final String KEEP = """
            INSERT INTO delivery_commitment (delivery_fk, transaction_uid)
            SELECT asked.delivery, ? FROM unnest(?::bigint[]) AS asked (delivery)""";

    private static final String FORGET = "DELETE FROM delivery_commitment WHERE delivery_fk = ?";

    private final Database database;
    private final Commitments commitments;
    private final Map<String, Long> without = new ConcurrentHashMap<>();

    @Inject
    public CommitmentInquiry(Database database, Commitments commitments) {
        this.database = database;
        this.commitments = commitments;
    }

    /**
     * How the destination has answered for one delivery.
     *
     * @param isAsked whether all of it was asked for
     * @param isAnswered whether all answers have come
     * @param age of the oldest request
     * @param refused what it does not answer for, with the reasons (0008,1197), by SOP Instance UID
     */
    record Standing(boolean isAsked, boolean isAnswered, Duration age, Map<String, Integer> refused) {
        static final Standing UNASKED = new Standing(false, false, Duration.ZERO, Map.of());

        Standing {
            refused = Map.copyOf(refused);
        }
    }

    /** Whether the destination has lately said that it gives no commitment. */
    boolean isWithout(Destination destination) {
        Long since = without.get(destination.aeTitle());
        return since != null && System.nanoTime() - since < WITHOUT.toNanos();
    }

    Standing standing(Claim claim) throws SQLException {
        List<String> transactions = database.read(connection -> transactions(connection, claim.id()));
        Set<String> unspoken = new HashSet<>();
        claim.instances().forEach(each -> unspoken.add(each.sopInstanceUid()));
        Map<String, Integer> refused = new TreeMap<>();
        boolean answered = true;
        Duration age = Duration.ZERO;
        for (String transaction : transactions) {
            Optional<Promise> found = commitments.find(transaction);
            if (found.isEmpty()) {
                continue;
            }
            Promise promise = found.get();
            answered &= promise.isAnswered();
            age = age.compareTo(promise.age()) < 0 ? promise.age() : age;
            promise.committed().forEach(unspoken::remove);
            promise.failed().forEach((uid, reason) -> refuse(uid, reason, unspoken, refused));
            promise.open().forEach(uid -> refuse(uid, UNSPOKEN, unspoken, refused));
        }
        return unspoken.isEmpty() ? new Standing(true, answered, age, refused) : Standing.UNASKED;
    }

    private static void refuse(String uid, int reason, Set<String> ours, Map<String, Integer> refused) {
        if (ours.remove(uid)) {
            refused.put(uid, reason);
        }
    }

    private static List<String> transactions(Connection connection, long id) throws SQLException {
        List<String> transactions = new ArrayList<>();
        try (PreparedStatement statement = Statements.prepare(connection, FIND, id);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                transactions.add(row.getString(1));
            }
        }
        return transactions;
    }

    /**
     * Asks anew for all of these.
     *
     * @throws NoCommitmentException if the destination gives none
     * @throws IOException if it can't be asked now
     */
    void ask(Destination destination, List<Claim> claims)
            throws NoCommitmentException, IOException, SQLException, InterruptedException {
        try {
            for (Claim claim : claims) {
                database.<Integer, SQLException>transaction(
                        connection -> Statements.update(connection, FORGET, claim.id()));
            }
            List<SopReference> references = new ArrayList<>();
            Set<Long> about = new HashSet<>();
            for (Claim claim : claims) {
                for (SopReference each : claim.instances()) {
                    references.add(each);
                    about.add(claim.id());
                    if (references.size() == MOST_REFERENCES) {
                        ask(destination, references, about);
                    }
                }
            }
            if (!references.isEmpty()) {
                ask(destination, references, about);
            }
        } catch (NoCommitmentException e) {
            if (without.size() >= MOST_DESTINATIONS) {
                without.clear();
            }
            without.put(destination.aeTitle(), System.nanoTime());
            throw e;
        }
    }

    private void ask(Destination destination, List<SopReference> references, Set<Long> about)
            throws NoCommitmentException, IOException, SQLException, InterruptedException {
        String transaction = commitments.ask(destination, references);
        database.<Integer, SQLException>transaction(
                connection -> Statements.update(connection, KEEP, transaction, about.toArray(Long[]::new)));
        references.clear();
        about.clear();
    }

    /** A Failure Reason (0008,1197), PS3.3 §C.14.1.1. */
    static String text(int reason) {
        String meaning = switch (reason) {
            case 0x0110 -> "processing failure";
            case 0x0112 -> "no such object instance";
            case 0x0119 -> "class and instance conflict";
            case 0x0122 -> "SOP class not supported";
            case 0x0131 -> "duplicate transaction UID";
            case 0x0213 -> "resource limitation";
            default -> "";
        };
        return "%04XH %s".formatted(reason, meaning).strip();
    }

    /** What was asked for a delivery counts no more. */
    static void forget(Connection connection, long id) throws SQLException {
        Statements.update(connection, FORGET, id);
    }
}
