using System.Text.Json;
using System.Text.Json.Serialization;

namespace HepBridge.Collector.Web;

/// <summary>The API's JSON, generated at build time. The encoder escapes everything that HTML could interpret.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CallPage))]
[JsonSerializable(typeof(CallDetail))]
[JsonSerializable(typeof(CallFigures))]
[JsonSerializable(typeof(FindReply))]
[JsonSerializable(typeof(PacketBody))]
[JsonSerializable(typeof(CallExport))]
[JsonSerializable(typeof(StatusReply))]
[JsonSerializable(typeof(ImportReply))]
[JsonSerializable(typeof(ErrorReply))]
internal sealed partial class ViewerJson : JsonSerializerContext;
