package com.example.tollgate;

import java.util.List;
import tollgate.core.handler.HandlerType;
import tollgate.core.message.MessageFormat;
import tollgate.core.plugin.Plugin;

/** Named in META-INF/services; the gateway makes one. */
public final class SamplePlugin implements Plugin {
  public SamplePlugin() {}

  @Override
  public List<HandlerType<?>> handlers() {
    return List.of(new SignHandlerType());
  }

  @Override
  public List<MessageFormat> formats() {
    CsvMessages csv = new CsvMessages();
    return List.of(new MessageFormat("csv", List.of("text/csv"), null, csv, csv));
  }
}
