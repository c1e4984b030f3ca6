// SPDX-License-Identifier: Apache-2.0
package org.dozo.dicomweb;

import jakarta.ws.rs.NotAcceptableException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a client accepts, PS3.18 §8.7: the query parameter {@code accept} where there is one, else the header Accept, else anything.
 *
 * @param ranges best liked first, those not accepted (q=0) last
 */
record AcceptNegotiation(List<MediaRange> ranges) {

    AcceptNegotiation {
        ranges = List.copyOf(ranges);
    }

    /** @throws IllegalArgumentException if what is given is malformed; the message says what and where */
    static AcceptNegotiation of(List<String> queryParameters, List<String> headers) {
        List<MediaRange> ranges = MediaRange.parse(queryParameters.isEmpty() ? headers : queryParameters);
        return new AcceptNegotiation(ranges.isEmpty() ? MediaRange.parse(List.of("*/*")) : ranges);
    }

    /** What the best liked range can be answered with; empty if nothing can be. */
    <T> Optional<T> choose(Function<MediaRange, Optional<T>> answer) {
        for (MediaRange range : ranges) {
            Optional<T> found = range.q() > 0 ? answer.apply(range) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** Whether a media type is taken; a range that names it outweighs one with asterisks. */
    boolean takes(String mediaType) {
        Optional<MediaRange> named = ranges.stream()
                .filter(range -> range.isSpecific() && range.covers(mediaType))
                .findFirst();
        return named.or(() ->
                        ranges.stream().filter(range -> range.covers(mediaType)).findFirst())
                .map(range -> range.q() > 0)
                .orElse(false);
    }

    /**
     * The transfer syntaxes of those ranges that {@code suits} chooses, best liked first.
     *
     * @return empty if any is taken: asked for by an asterisk, or none is named
     */
    List<String> syntaxes(Function<MediaRange, Boolean> suits) {
        List<String> syntaxes = new ArrayList<>();
        for (MediaRange range : ranges) {
            if (range.q() > 0 && suits.apply(range)) {
                String syntax = range.parameters().getOrDefault(MediaRange.TRANSFER_SYNTAX, MediaRange.ANY_SYNTAX);
                if (syntax.equals(MediaRange.ANY_SYNTAX)) {
                    return List.of();
                }
                syntaxes.add(syntax);
            }
        }
        return syntaxes;
    }

    /** @param had what can be had here, as a sentence */
    static NotAcceptableException notAcceptable(String had) {
        return new NotAcceptableException("None of the media types in Accept can be had here. " + had);
    }
}
