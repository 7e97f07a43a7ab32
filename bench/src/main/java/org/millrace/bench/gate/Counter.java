package org.millrace.bench.gate;

/**
 * A number that does not depend on how busy the machine is.
 *
 * @param name      stable: the baseline knows it by this.
 * @param unit      of the value.
 * @param source    where it is read.
 * @param value     as measured; more is worse.
 * @param allowance by how much it may exceed the baseline: what runs by the clock (statistics, keepalives) falls into a
 *                  run once more or once less. Too small to hide one more object, call or byte an operation.
 */
record Counter(String name, String unit, String source, double value, double allowance)
{
}
