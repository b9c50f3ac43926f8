#include "addon/memory_arguments.h"

#include "core/error.h"

#include <string>

namespace loci {

namespace {

template <typename Array, typename Value>
std::vector<Value> values_of(const Napi::Object & object, const char * name,
                             napi_typedarray_type type) {
    const Napi::Value value = object.Get(name);
    if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != type) {
        throw Error(ErrorCode::invalid_argument,
                    std::string("The structure's ") + name + " must be a typed array of its type.");
    }
    const auto array = value.As<Array>();
    return { array.Data(), array.Data() + array.ElementLength() };
}

} // namespace

std::vector<uint8_t> protection(const Napi::Object & options) {
    const Napi::Value value = options.Get("protect");
    if (value.IsUndefined()) {
        return {};
    }
    if (!value.IsTypedArray() ||
        value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
        throw Error(ErrorCode::invalid_argument, "The argument protect must be a Uint8Array.");
    }
    const auto array = value.As<Napi::Uint8Array>();
    return { array.Data(), array.Data() + array.ElementLength() };
}

TokenStructure token_structure(const Napi::Object & options) {
    const Napi::Value value = options.Get("structure");
    if (value.IsUndefined()) {
        return {};
    }
    if (!value.IsObject()) {
        throw Error(ErrorCode::invalid_argument, "The argument structure must be an object.");
    }
    const auto object = value.As<Napi::Object>();
    TokenStructure structure;
    structure.units = values_of<Napi::Int32Array, int32_t>(object, "units", napi_int32_array);
    structure.raised = values_of<Napi::Uint8Array, uint8_t>(object, "raised", napi_uint8_array);
    structure.files = values_of<Napi::Int32Array, int32_t>(object, "files", napi_int32_array);
    return structure;
}

std::vector<Range> ranges_argument(const Napi::Value & value, int64_t tokens) {
    if (!value.IsTypedArray() ||
        value.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
        throw Error(ErrorCode::invalid_argument, "The argument ranges must be an Int32Array.");
    }
    const auto array = value.As<Napi::Int32Array>();
    if (array.ElementLength() % 2 != 0) {
        throw Error(ErrorCode::invalid_argument,
                    "The argument ranges must hold a beginning and an end for each range.");
    }
    std::vector<Range> ranges;
    for (size_t i = 0; i < array.ElementLength(); i += 2) {
        ranges.push_back(Range::checked(array[i], array[i + 1], tokens));
    }
    return ranges;
}

} // namespace loci
