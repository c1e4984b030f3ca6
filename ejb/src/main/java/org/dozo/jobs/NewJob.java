// SPDX-License-Identifier: Apache-2.0
package org.dozo.jobs;

/**
 * Work to be done.
 *
 * @param kind which consumer takes it, such as {@code arrival}
 * @param key what it is about; announced twice under one kind and key, it is one job
 * @param payload a JSON object, {@code {}} for none
 * @param priority 0 (bulk) to 9 (STAT), 5 is routine
 */
public record NewJob(String kind, String key, String payload, int priority) {

    public NewJob {
        if (priority < 0 || priority > 9) {
            throw new IllegalArgumentException("Job priority " + priority + " is not in 0 to 9");
        }
    }
}
