#include "policy/settings.h"

#include "core/error.h"
#include "policy/parameters.h"

#include <utility>

namespace loci {

namespace {

using Kind = ParameterKind;

const std::vector<ParameterSpec> & specs() {
    static const std::vector<ParameterSpec> all = {
        { "score",
          "attention",
          Kind::word,
          0,
          0,
          { "attention", "keydiff", "knorm", "lagkv", "expected", "position", "random" } },
        { "rows", "last", Kind::word, 0, 0, { "none", "last", "all", "probe", "both", "repeat" } },
        { "window", "32", Kind::whole, 1, 512 },
        { "softmax", "model", Kind::word, 0, 0, { "model", "guided" } },
        { "aggregate",
          "mean",
          Kind::word,
          0,
          0,
          { "mean", "l2", "maximum", "variance", "apart", "accumulated" } },
        { "pool", "1", Kind::odd, 1, 63 },
        { "pooling", "average", Kind::word, 0, 0, { "average", "maximum" } },
        { "value", "none", Kind::word, 0, 0, { "none", "squared", "projected", "l1" } },
        { "value-pool", "1", Kind::odd, 1, 63 },
        { "heads", "apart", Kind::word, 0, 0, { "apart", "shared" } },
        { "defend", "no", Kind::word, 0, 0, { "no", "yes" } },
        { "critical", "0", Kind::real, 0, 1 },
        { "mass", "0", Kind::real, 0, 1 },
        { "carry", "1", Kind::real, 0, 1 },
        { "epsilon", "0", Kind::real, 0, 1 },
        { "partition", "128", Kind::whole, 2, 1024 },
        { "allocation",
          "uniform",
          Kind::word,
          0,
          0,
          { "uniform", "pyramid", "cake", "model", "profile", "ada" } },
        { "profile", "repeat", Kind::word, 0, 0, { "repeat", "keys" } },
        { "layout", "rectangular", Kind::word, 0, 0, { "rectangular", "ragged" } },
        { "head-alpha", "1", Kind::real, 0, 1 },
        { "normalise", "layer", Kind::word, 0, 0, { "layer", "no" } },
        { "floor", "0.2", Kind::real, 0, 1 },
        { "alpha", "0.5", Kind::real, 0, 1 },
        { "beta", "20", Kind::real, 1, 1000 },
        { "sinks", "0", Kind::whole, 0, 1024 },
        { "recent", "-1", Kind::whole, -1, 1024 },
        { "unit", "0", Kind::real, 0, 1 },
        { "units", "tokens", Kind::word, 0, 0, { "tokens", "whole" } },
        { "raise", "1", Kind::real, 1, 1e6 },
        { "raise-path", "1", Kind::real, 1, 1e6 },
        { "raise-import", "1", Kind::real, 1, 1e6 },
        { "raise-signature", "1", Kind::real, 1, 1e6 },
        { "raise-type", "1", Kind::real, 1, 1e6 },
        { "raise-value", "1", Kind::real, 1, 1e6 },
        { "raise-return", "1", Kind::real, 1, 1e6 },
        { "quota", "0", Kind::real, 0, 1 },
        { "positions", "apart", Kind::word, 0, 0, { "apart", "shared" } },
        { "sharpen", "0", Kind::real, 0, 10 },
        { "select", "best", Kind::word, 0, 0, { "best", "sample" } },
        { "seed", "0", Kind::whole, 0, 4294967295.0 },
    };
    return all;
}

template <typename Value, size_t count>
Value choice(const Parameters & given, const char * name,
             const std::array<std::pair<const char *, Value>, count> & choices) {
    const std::string & word = given.word(name);
    for (const auto & [text, value] : choices) {
        if (word == text) {
            return value;
        }
    }
    return choices.front().second; // the specs allow no other word
}

void check_layout(const Settings & s) {
    if (s.ragged && s.shared_heads) {
        throw Error(ErrorCode::invalid_argument,
                    "The policy " + s.name +
                        " keeps the same tokens in all heads of a layer, so their numbers cannot "
                        "differ; choose layout=rectangular or heads=apart.");
    }
    if (!s.ragged && s.head_alpha < 1.0) {
        throw Error(ErrorCode::invalid_argument,
                    "The policy " + s.name +
                        " gives every head a number of tokens of its own, which takes "
                        "layout=ragged.");
    }
}

} // namespace

Settings make_settings(const std::string & name, const PolicyParameters & preset,
                       const PolicyParameters & given) {
    PolicyParameters all = preset;
    all.insert(all.end(), given.begin(), given.end());
    const Parameters p(name, specs(), all);
    Settings s;
    s.name = name;
    s.score = choice<ScoreKind, 7>(p, "score",
                                   { { { "attention", ScoreKind::attention },
                                       { "keydiff", ScoreKind::keydiff },
                                       { "knorm", ScoreKind::knorm },
                                       { "lagkv", ScoreKind::lagkv },
                                       { "expected", ScoreKind::expected },
                                       { "position", ScoreKind::position },
                                       { "random", ScoreKind::random } } });
    s.rows = choice<Rows, 6>(p, "rows",
                             { { { "none", Rows::none },
                                 { "last", Rows::last },
                                 { "all", Rows::all },
                                 { "probe", Rows::probe },
                                 { "both", Rows::both },
                                 { "repeat", Rows::repeat } } });
    s.aggregate = choice<Aggregate, 6>(p, "aggregate",
                                       { { { "mean", Aggregate::mean },
                                           { "l2", Aggregate::l2 },
                                           { "maximum", Aggregate::maximum },
                                           { "variance", Aggregate::variance },
                                           { "apart", Aggregate::apart },
                                           { "accumulated", Aggregate::mean } } });
    s.value = choice<ValueTerm, 4>(p, "value",
                                   { { { "none", ValueTerm::none },
                                       { "squared", ValueTerm::squared },
                                       { "projected", ValueTerm::projected },
                                       { "l1", ValueTerm::l1 } } });
    s.allocation = choice<Share, 6>(p, "allocation",
                                    { { { "uniform", share_uniform },
                                        { "pyramid", share_pyramid },
                                        { "cake", share_cake },
                                        { "model", share_model },
                                        { "profile", share_profile },
                                        { "ada", share_ada } } });
    const bool by_keys = p.word("profile") == "keys";
    if (s.allocation == share_profile) {
        s.profile = by_keys ? LayerProfile::keys : LayerProfile::repeat;
    } else if (by_keys) {
        throw Error(ErrorCode::invalid_argument,
                    "The policy " + s.name +
                        " does not share its budget out by a profile of the layers, which "
                        "profile=keys chooses; add allocation=profile.");
    }
    s.accumulated = p.word("aggregate") == "accumulated";
    s.window = p.whole("window");
    s.self_guided = p.word("softmax") == "guided";
    s.pool = p.whole("pool");
    s.pool_maximum = p.word("pooling") == "maximum";
    s.shared_heads = p.word("heads") == "shared";
    s.defend = p.word("defend") == "yes";
    s.critical = p.number("critical");
    s.mass = p.number("mass");
    s.carry = p.number("carry");
    s.epsilon = p.number("epsilon");
    s.value_pool = p.whole("value-pool");
    s.partition = p.whole("partition");
    s.normalise = p.word("normalise") == "layer";
    s.floor = p.number("floor");
    s.alpha = p.number("alpha");
    s.beta = p.number("beta");
    s.ragged = p.word("layout") == "ragged";
    s.head_alpha = s.allocation == share_ada ? s.alpha : p.number("head-alpha");
    s.sinks = p.whole("sinks");
    s.recent = p.whole("recent");
    s.unit = p.number("unit");
    s.whole_units = p.word("units") == "whole";
    s.units = { s.unit,
                s.whole_units,
                p.number("raise"),
                p.number("raise-path"),
                p.number("raise-import"),
                p.number("raise-signature"),
                p.number("raise-type"),
                p.number("raise-value"),
                p.number("raise-return") };
    s.quota = p.number("quota");
    s.share_positions = p.word("positions") == "shared";
    s.sharpen = p.number("sharpen");
    s.sample = p.word("select") == "sample";
    s.seed = static_cast<uint32_t>(p.number("seed"));
    check_layout(s);
    return s;
}

} // namespace loci
