package org.millrace.engine.tracking;

/** Is told which clients may have a key that {@link TrackedKeys} forgets. */
@FunctionalInterface
public interface KeyHolders
{
    /**
     * Once for each client.
     *
     * @param client its number.
     * @param keyAddress of the bytes, valid during the call.
     */
    void onHolder(int client, long keyAddress, int keyLength);
}
