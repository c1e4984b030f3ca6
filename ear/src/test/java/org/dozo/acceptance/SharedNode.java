// SPDX-License-Identifier: Apache-2.0
package org.dozo.acceptance;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Gives tests the one node with usual settings; it runs when they get it, and is ended with the test run. */
final class SharedNode implements ParameterResolver, TestExecutionExceptionHandler {

    private static final Namespace NAMESPACE = Namespace.create(SharedNode.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == DozoNode.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        DozoNode node = node(context);
        try {
            return node.isRunning() ? node : node.up();
        } catch (Exception e) {
            throw new AssertionError("The shared node does not start", e);
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        System.err.println(node(context).logTail());
        throw failure;
    }

    private static DozoNode node(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent("node", key -> created(), DozoNode.class);
    }

    private static DozoNode created() {
        try {
            return DozoNode.create("shared");
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
