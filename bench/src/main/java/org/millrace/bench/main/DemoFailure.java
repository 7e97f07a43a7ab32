package org.millrace.bench.main;

/**
 * Something the demo wanted to show did not happen; the message says what.
 */
final class DemoFailure extends Exception
{
    private static final long serialVersionUID = 1L;

    DemoFailure(final String message)
    {
        super(message);
    }
}
