// SPDX-License-Identifier: Apache-2.0
package org.dozo.sending;

import java.io.IOException;
import org.dozo.access.NamedDestination;
import org.dozo.shared.Bytes;
import org.dozo.storage.Sha256;

/**
 * A bucket is tried by an operator: with a {@link TrialPiece}, and whether it does what forwarding relies on.
 *
 * @param prefix of keys, with its slash; may be empty
 */
record BucketTrial(Bucket bucket, String prefix, NamedDestination destination) {

    /**
     * @return as {@link FilePlace#trial}
     * @throws IOException saying what is wrong and what to do
     */
    String run() throws IOException {
        bucket.list();
        TrialPiece piece = TrialPiece.make();
        String key = prefix + piece.name();
        String told;
        try {
            bucket.writeSmall(key, piece.bytes());
            piece.requireSame(read(key), destination.name());
            requireWriteOnce(key);
            told = requireAsWished(key, piece);
        } catch (IOException e) {
            try {
                bucket.remove(key);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
        return "An object of " + TrialPiece.LENGTH
                + " bytes was written, read back and compared, and can't be overwritten; " + told + "; "
                + (bucket.remove(key)
                        ? "it was removed"
                        : "our keys may not remove it, which is as well: " + key + " stays there");
    }

    /** And one byte of what there may be more. */
    private byte[] read(String key) throws IOException {
        return bucket.read(key, stream -> {
                    byte[] found = stream.readNBytes(TrialPiece.LENGTH + 1);
                    stream.abort();
                    return found;
                })
                .orElseThrow(this::forgotten);
    }

    private IOException forgotten() {
        return new IOException(destination.name() + " does not have what it took a moment ago."
                + " Remedy: use a service that shows at once what was written");
    }

    /** Else what somebody writes between our look and our writing would be lost. */
    private void requireWriteOnce(String key) throws IOException {
        if (bucket.writeSmall(key, TrialPiece.make().bytes())) {
            throw new IOException(
                    destination.name() + " overwrites what is there, although it is asked not to (If-None-Match)."
                            + " Remedy: use a service, or a release of it, that knows conditional writes");
        }
    }

    /** @return how deliveries are proved */
    private String requireAsWished(String key, TrialPiece piece) throws IOException {
        BucketObject found = bucket.head(key).orElseThrow(this::forgotten);
        String wished = destination.s3().encryption();
        if (!wished.isEmpty() && !wished.equals(found.encryption())) {
            throw new IOException(
                    destination.name() + " does not encrypt with " + wished + " as it is asked to. Remedy: set up"
                            + " encryption there, or take \"encryption\" out of the destination");
        }
        Bytes sha256 = Bytes.of(Sha256.start().digest(piece.bytes()));
        boolean isTold =
                found.sha256().filter(sha256::equals).isPresent() || found.hasMd5(BucketObject.md5(piece.bytes()));
        return isTold
                ? "it tells the digest of what it has, by which deliveries are proved"
                : "it tells no digest of what it has: each object is read again to prove its delivery";
    }
}
