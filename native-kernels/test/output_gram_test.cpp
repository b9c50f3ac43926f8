#include "model/gram_store.h"
#include "model/output_gram.h"
#include "test/gram_fixture.h"

#include <filesystem>

using namespace loci;
using namespace loci_test;

namespace {

TEST_CASE("sqrt(v G v) is |v W_O^h| on the bundled model") {
    const std::string path = environment("LOCI_TEST_MODEL");
    const Api & api = runtime().api();
    // Read the shape of the bundled model from its header.
    gguf_init_params parameters{};
    parameters.no_alloc = true;
    gguf_context * header = api.gguf_init_from_file(path.c_str(), parameters);
    REQUIRE_MESSAGE(header != nullptr, "the bundled model cannot be opened");
    const auto file = read_file(path);
    int layers = 0;
    while (api.gguf_find_tensor(
               header, ("blk." + std::to_string(layers) + ".attn_output.weight").c_str()) >= 0) {
        layers++;
    }
    REQUIRE_MESSAGE(layers > 0, "the bundled model has no output projections");
    const int64_t first = api.gguf_find_tensor(header, "blk.0.attn_output.weight");
    const int inputs = static_cast<int>(api.gguf_get_tensor_ne(header, first)[0]);
    const int width = static_cast<int>(api.gguf_get_tensor_ne(header, first)[1]);
    const int head_size = 64;
    const int heads = inputs / head_size;

    const OutputGrams grams = load({ path, "", layers, heads, head_size, 2 });
    std::mt19937 random(9);
    for (int layer = 0; layer < layers; layer++) {
        const int64_t index = api.gguf_find_tensor(
            header, ("blk." + std::to_string(layer) + ".attn_output.weight").c_str());
        const enum ggml_type type = api.gguf_get_tensor_type(header, index);
        const uint8_t * bytes = file.data() + api.gguf_get_data_offset(header) +
                                api.gguf_get_tensor_offset(header, index);
        std::vector<float> weight(static_cast<size_t>(inputs) * static_cast<size_t>(width));
        api.ggml_get_type_traits(type)->to_float(bytes, weight.data(),
                                                 static_cast<int64_t>(weight.size()));
        const auto slices = by_head(weight, heads, head_size);

        // Compare sqrt(v G v^T) of every query head with |v W_O^h|.
        const auto values = random_floats(
            random, static_cast<size_t>(heads) * 5 * static_cast<size_t>(head_size), 1.0f);
        const auto expected = projected_norm_reference(values, slices, head_size, heads, heads);
        const auto & gram = grams.layers[static_cast<size_t>(layer)];
        const auto size = static_cast<size_t>(head_size);
        std::vector<float> actual;
        for (size_t row = 0; row < static_cast<size_t>(heads) * 5; row++) {
            double form = 0.0;
            for (size_t a = 0; a < size; a++) {
                for (size_t b = 0; b < size; b++) {
                    form += static_cast<double>(values[row * size + a]) *
                            static_cast<double>(values[row * size + b]) *
                            static_cast<double>(gram[(row / 5) * size * size + a * size + b]);
                }
            }
            actual.push_back(static_cast<float>(std::sqrt(form)));
        }
        expect_close(actual, expected, 1e-4, "layer " + std::to_string(layer));
    }
    api.gguf_free(header);
}

TEST_CASE("matrices are computed, stored and read again") {
    const Folder folder;
    const GramModel model;
    write_file(folder.at("model.gguf"), model.file());
    const auto request = GramModel::request(folder.at("model.gguf"), folder.at("cache"));
    int reports = 0;
    float last = 0.0f;
    const auto count = [&](float share) {
        REQUIRE_MESSAGE(share > last, "progress does not go back");
        last = share;
        reports++;
    };
    expect_right(model, load_output_grams(runtime().api(), request, nullptr, count));
    REQUIRE_MESSAGE(reports == int{ GramModel::layers }, "reports of progress");
    REQUIRE_MESSAGE(static_cast<double>(last) == about(1.0, 1e-6), "the last share");

    // A valid file with different numbers shows that it is read.
    const std::string path = cache_file(folder.at("cache"));
    const uint64_t fingerprint = std::stoull(path.substr(path.rfind('-') + 1, 16), nullptr, 16);
    OutputGrams altered = load(request);
    altered.layers[1][7] = 42.0f;
    REQUIRE_MESSAGE(write_grams(path, fingerprint, altered), "a store can be replaced");
    REQUIRE_MESSAGE(load(request).layers[1][7] == 42.0f, "the stored matrices are read");
}

TEST_CASE("a store with any flaw is computed again") {
    const Folder folder;
    const GramModel model;
    write_file(folder.at("model.gguf"), model.file());
    const auto request = GramModel::request(folder.at("model.gguf"), folder.at("cache"));
    load(request);
    const std::string path = cache_file(folder.at("cache"));
    const auto sound = read_file(path);

    // Flip one bit in every byte of the header and in bytes throughout the matrices.
    for (size_t at = 0; at < sound.size(); at += at < 48 ? 1 : sound.size() / 37) {
        auto broken = sound;
        broken[at] = static_cast<uint8_t>(broken[at] ^ 0x10);
        write_file(path, broken);
        expect_right(model, load(request));
        REQUIRE_MESSAGE(read_file(path) == sound, "a broken store was not replaced");
    }
    for (const size_t length : { size_t{ 0 }, size_t{ 20 }, size_t{ 48 }, sound.size() - 1 }) {
        write_file(path, std::vector<uint8_t>(sound.begin(),
                                              sound.begin() + static_cast<int64_t>(length)));
        expect_right(model, load(request));
    }
    auto longer = sound;
    longer.push_back(0);
    write_file(path, longer);
    expect_right(model, load(request));
    REQUIRE_MESSAGE(read_file(path) == sound, "a store that is too long was not replaced");
    REQUIRE_MESSAGE(fs::exists(path + ".partial") == false, "a partial file remains");
}

TEST_CASE("a changed model is not served old matrices") {
    const Folder folder;
    GramModel model;
    write_file(folder.at("model.gguf"), model.file());
    const auto request = GramModel::request(folder.at("model.gguf"), folder.at("cache"));
    load(request);
    // Same size and time, but a different number at the end of a matrix.
    const auto time = fs::last_write_time(folder.at("model.gguf"));
    model.weights[2].back() += 1.0f;
    std::memcpy(model.bytes[2].data(), model.weights[2].data(), model.bytes[2].size());
    write_file(folder.at("model.gguf"), model.file());
    fs::last_write_time(folder.at("model.gguf"), time);
    expect_right(model, load(request));
}

TEST_CASE("a store that cannot be written is no failure") {
    const Folder folder;
    const GramModel model;
    write_file(folder.at("model.gguf"), model.file());
    // A file exists in place of the folder.
    write_file(folder.at("cache"), { 1 });
    expect_right(model, load(GramModel::request(folder.at("model.gguf"), folder.at("cache"))));
}

TEST_CASE("a model in three parts") {
    const Folder folder;
    const GramModel model;
    for (int part = 0; part < 3; part++) {
        GgufWriter writer;
        writer.add_number("split.count", 3);
        writer.add_number("split.no", static_cast<uint16_t>(part));
        model.add(writer, 2 - part);
        write_file(folder.at("m-0000" + std::to_string(part + 1) + "-of-00003.gguf"),
                   writer.bytes());
    }
    expect_right(model,
                 load(GramModel::request(folder.at("m-00001-of-00003.gguf"), folder.at("c"))));

    fs::copy(folder.at("m-00001-of-00003.gguf"), folder.at("renamed.gguf"));
    expect_error(ErrorCode::model_invalid, "a renamed part",
                 GramModel::request(folder.at("renamed.gguf"), ""));
    fs::remove(folder.at("m-00003-of-00003.gguf"));
    expect_error(ErrorCode::model_invalid, "a missing part",
                 GramModel::request(folder.at("m-00001-of-00003.gguf"), ""));
}

TEST_CASE("files that are not sound are refused") {
    const Folder folder;
    const GramModel model;
    const auto sound = model.file();
    const auto request = GramModel::request(folder.at("model.gguf"), folder.at("cache"));

    expect_error(ErrorCode::model_invalid, "a missing file", request);
    write_file(request.model_path, { 'h', 'e', 'l', 'l', 'o' });
    expect_error(ErrorCode::model_invalid, "a text file", request);
    for (const size_t length :
         { size_t{ 0 }, size_t{ 10 }, size_t{ 100 }, sound.size() - 4000, sound.size() - 32 }) {
        write_file(
            request.model_path,
            std::vector<uint8_t>(sound.begin(), sound.begin() + static_cast<int64_t>(length)));
        expect_error(ErrorCode::model_invalid, "a file of " + std::to_string(length) + " bytes",
                     request, length > 4000 ? "ends before its weights do" : "not a sound GGUF");
    }
    for (const uint64_t error : { uint64_t{ 1 } << 40, uint64_t{ 1 } << 63, ~uint64_t{ 31 } }) {
        GgufWriter writer;
        writer.offset_error = error;
        model.add(writer, 0);
        write_file(request.model_path, writer.bytes());
        expect_error(ErrorCode::model_invalid, "an offset beyond the file", request);
    }
    write_file(request.model_path, sound);
    auto other = request;
    other.heads = 5;
    expect_error(ErrorCode::model_unsupported, "another number of heads", other);
    other = request;
    other.layers = 4;
    expect_error(ErrorCode::model_unsupported, "a layer too many", other);
    GramModel broken;
    broken.weights[2][5] = NAN;
    std::memcpy(broken.bytes[2].data(), broken.weights[2].data(), broken.bytes[2].size());
    write_file(request.model_path, broken.file());
    expect_error(ErrorCode::model_invalid, "weights that are not numbers", request);
    REQUIRE_MESSAGE(!fs::exists(request.cache_directory), "a failure stored something");
}

void cancelled() {
    const Folder folder;
    const GramModel model;
    write_file(folder.at("model.gguf"), model.file());
    const auto request = GramModel::request(folder.at("model.gguf"), folder.at("cache"));
    Cancellation cancellation;
    try {
        load_output_grams(runtime().api(), request, &cancellation,
                          [&](float) { cancellation.cancel(); });
    } catch (const Error & failure) {
        REQUIRE_MESSAGE(failure.code() == ErrorCode::cancelled, "not cancelled but failed");
        REQUIRE_MESSAGE(!fs::exists(request.cache_directory), "a cancelled run stored something");
        return;
    }
    FAIL("it ran to its end");
}

TEST_CASE("cancelling stops between layers") {
    cancelled();
}

} // namespace
