/**
 * What every program of this module does alike: it reads its command line, answers a wrong one with one line and exit
 * code 2, and prints numbers and texts the same way whatever the locale of the user.
 * <p>
 * Read first: {@link org.millrace.bench.cli.Tool}.
 */
package org.millrace.bench.cli;
