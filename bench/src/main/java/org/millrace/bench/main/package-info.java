/**
 * The programs: verify, demo, bench. They read the command line, put rigs to work, print, and end with an exit code.
 * <p>
 * Main classes are started by the launcher script as {@code millrace verify}, {@code millrace demo} and
 * {@code millrace bench}; each also runs from its main method with the class path alone. Nothing else imports this
 * package.
 * <p>
 * Thread: the main thread, except where a class says otherwise.
 * <p>
 * Read first: {@link org.millrace.bench.main.VerifyMain}, {@link org.millrace.bench.main.DemoMain},
 * {@link org.millrace.bench.main.BenchMain}.
 */
package org.millrace.bench.main;
