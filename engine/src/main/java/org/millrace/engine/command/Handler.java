package org.millrace.engine.command;

/** Runs one command whose arity has been checked. Writes exactly one reply, never throws for bad input. */
@FunctionalInterface
public interface Handler
{
    void run(CommandContext context);
}
