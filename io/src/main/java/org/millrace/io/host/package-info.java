/**
 * What the machine, the operating system, the service manager and the JVM give and demand: clock, memory, processor time,
 * descriptors, signals, flags. {@link org.millrace.io.host.SystemHost} is all of it as a node sees it.
 * <p>
 * Reads clocks and asks the operating system; knows no running node. Read first: {@code SystemHost},
 * {@code ProcessFigures}, {@code Signals}.
 */
package org.millrace.io.host;
