package org.millrace.io.net;

import java.io.IOException;
import org.millrace.engine.transport.Connection;

/** Who gets the connections of a {@link Listener}, on the reactor's thread. */
public interface Acceptor
{
    /** A new connection, that may be closed at once. */
    void accept(Connection connection);

    /** The process has no descriptor left for this one: it is to be told so; it is closed after the call. */
    void refuse(Connection connection);

    /** Whether there would be room for one more beside so many that are about to come. */
    boolean hasRoom(int others);

    /** This one has not come to an agreement on TLS, and is closed. */
    void failed(Connection connection, IOException reason);

    /** Something that no connection can be blamed for. */
    void failed(IOException e);
}
