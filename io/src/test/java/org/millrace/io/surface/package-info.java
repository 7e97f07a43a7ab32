/**
 * A comparison of all that a client of the server meets with a real redis-server: options, INFO, the command table, the
 * keys of commands, error texts, containers of subcommands. Cases are generated from tables and descriptions, so that a
 * new command or option is compared without a word here.
 * <p>
 * The server beside is a 7.0.15; where 7.2, which Millrace follows, has more, what a 7.2.5 answered is in resources. What
 * may differ stands with a reason each in {@code differences.txt}: a difference that is not there fails the test, and so
 * does a line there that no longer occurs. All differences of a run are in {@code io/target/surface/}.
 */
package org.millrace.io.surface;
